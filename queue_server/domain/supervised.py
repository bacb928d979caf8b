"""What supervisors have changed today: it wins over config.toml until the day ends, whatever is reloaded meanwhile."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from queue_server.domain.rules import Rules


class Supervised(Struct, kw_only=True, omit_defaults=True):
    """By service its targets; by counter its services and `help_after` (milliseconds)."""

    targets: dict[str, dict[str, int]] = field(default_factory=dict)
    services: dict[str, tuple[str, ...]] = field(default_factory=dict)
    help_after: dict[str, dict[str, int]] = field(default_factory=dict)

    def note(self, before: Rules, after: Rules) -> None:
        """Note what a supervisor's `after` has otherwise than `before`."""
        for id_, service in after.services.items():
            if id_ in before.services and service.targets != before.services[id_].targets:
                self.targets[id_] = service.targets
        for id_, counter in after.counters.items():
            was = before.counters.get(id_)
            if was is not None and counter.services != was.services:
                self.services[id_] = counter.services
            if was is not None and counter.help_after != was.help_after:
                self.help_after[id_] = counter.help_after

    def over(self, rules: Rules) -> Rules:
        """`rules` with what was changed; a change to something that is no longer there falls away."""
        services, counters = dict(rules.services), dict(rules.counters)
        for id_, targets in self.targets.items():
            if id_ in services:
                known = {category: ms for category, ms in targets.items() if category in rules.categories}
                services[id_] = replace(services[id_], targets={**services[id_].targets, **known})
        for id_, served in self.services.items():
            if id_ in counters:
                counters[id_] = replace(counters[id_], services=tuple(s for s in served if s in services))
        for id_, helped in self.help_after.items():
            if id_ in counters:
                counters[id_] = replace(counters[id_], help_after={s: t for s, t in helped.items() if s in services})
        return replace(rules, services=services, counters=counters)
