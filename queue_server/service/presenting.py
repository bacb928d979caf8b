"""From config.toml to what only shows; its counterpart for what decides is rulebook.py."""

from __future__ import annotations

from queue_server.letters.identity import SHAPES
from queue_server.settings import Settings
from queue_server.settings.codes import codes_of
from queue_server.settings.questions import questions_of
from queue_server.settings.tables import Theme
from queue_server.settings.touch import dots_per_mm
from queue_server.views.presentation import BoardLook, KioskLook, Presentation
from queue_server.wire.api import Question


def presentation_of(settings: Settings) -> Presentation:
    accent, theme = settings.mall.accent, settings.theme
    return Presentation(
        accent=str(accent) if accent else None,
        theme=() if theme == Theme() else tuple(map(str, (theme.ground, theme.ink, theme.soft, theme.call))),
        stripes={id_: str(agency.colour) for id_, agency in settings.agencies.items() if agency.colour},
        idle_s={id_: kiosk.idle // 1000 for id_, kiosk in settings.kiosks.items()},
        words={id_: service.words for id_, service in settings.services.items() if service.words},
        simple={id_: dict(service.simple) for id_, service in settings.services.items() if service.simple},
        costs={id_: dict(service.cost) for id_, service in settings.services.items() if service.cost},
        takes={id_: dict(service.takes) for id_, service in settings.services.items() if service.takes},
        common={id_: kiosk.common for id_, kiosk in settings.kiosks.items() if kiosk.common is not None},
        kiosks={
            id_: KioskLook(
                layout=kiosk.layout,
                pages=kiosk.pages,
                choose_by=kiosk.choose_by,
                codes=codes_of(settings, kiosk),
                keys=dict(kiosk.keys),
            )
            for id_, kiosk in settings.kiosks.items()
        },
        long_wait_s=(settings.policy.long_wait or 0) // 1000,
        asks={service: asked for service in settings.services if (asked := _asked(settings, service))},
        dots_per_mm={id_: dots_per_mm(kiosk.panel) for id_, kiosk in settings.kiosks.items() if kiosk.panel},
        plans={
            id_: tuple(tuple(row.split()) for row in zone.plan) for id_, zone in settings.zones.items() if zone.plan
        },
        tongues={id_: counter.languages for id_, counter in settings.counters.items() if counter.languages},
        boards={
            id_: BoardLook(
                layout=board.layout,
                inches=board.inches,
                farthest_m=board.farthest,
                alternate=board.alternate,
                arrows=dict(board.arrows),
                rows=board.rows,
                sound=board.sound,
                repeat=board.repeat,
                volume=board.volume,
                earshot=board.earshot,
                waiting_list=board.waiting_list,
                media=board.media.place if board.media else "",
                picture_s=board.media.seconds if board.media else 0,
            )
            for id_, board in settings.boards.items()
        },
    )


def _asked(settings: Settings, service: str) -> tuple[Question, ...]:
    return tuple(
        Question(
            id=id_,
            asks=question.asks,
            purpose=dict(question.purpose),
            number=question.number,
            shapes=SHAPES.get(question.number or "", question.shapes),
            needed=question.needed,
            kept=question.keep,
        )
        for id_, question in questions_of(settings, service)
    )
