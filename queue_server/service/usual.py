"""Reasons for a mall whose config.toml names none: without one nobody could pause a counter or hold the hall."""

from __future__ import annotations

from queue_server.domain.rules import Texts

PAUSE_REASONS: dict[str, Texts] = {
    "break": {
        "id": "Istirahat",
        "en": "Break",
        "jv": "Ngaso",
        "az": "Fasilə",
        "ka": "შესვენება",
        "ar": "استراحة",
    },
}

REASONS: dict[str, Texts] = {
    "other": {
        "id": "Alasan lain",
        "en": "Another reason",
        "jv": "Alesan liya",
        "az": "Başqa səbəb",
        "ka": "სხვა მიზეზი",
        "ar": "سبب آخر",
    },
}
