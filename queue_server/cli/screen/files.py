"""The files of one screen, by their place on its machine. Pure: what they say follows from what is asked."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote
from urllib.parse import urlsplit

from msgspec import Struct

HOME = "/opt/antrean-screen"
PROFILE = "/var/lib/antrean-screen"
PORT = 9222
TURNS = {"normal": "normal", "left": "left", "right": "right", "upside-down": "inverted"}


class Screen(Struct, frozen=True, kw_only=True):
    """`server` is its address as browsers call it; `size` in dots as the panel stands, None where the machine says."""

    server: str
    size: tuple[int, int] | None = None
    turned: str = "normal"
    user: str = "screen"
    restart: str = "03:30"


def files(screen: Screen) -> dict[str, str]:
    return {
        "install.sh": _install(screen),
        "etc/chromium/policies/managed/antrean.json": _policy(screen),
        "etc/systemd/system/antrean-screen.service": _service(screen),
        "etc/systemd/system/antrean-screen-restart.service": _RESTART,
        "etc/systemd/system/antrean-screen-restart.timer": _timer(screen),
        "etc/X11/Xwrapper.config": "allowed_users=anybody\nneeds_root_rights=yes\n",
        f"{HOME[1:]}/session": _session(screen),
        f"{HOME[1:]}/watchdog.py": (Path(__file__).parent / "watchdog.py").read_text(encoding="utf-8"),
    }


def _page(screen: Screen) -> str:
    return f"{screen.server}/screen"


def _policy(screen: Screen) -> str:
    said = {
        "AutoplayAllowed": True,
        "BrowserSignin": 0,
        "DefaultNotificationsSetting": 2,
        "DownloadRestrictions": 3,
        "MetricsReportingEnabled": False,
        "PasswordManagerEnabled": False,
        "PrintingEnabled": False,
        "SyncDisabled": True,
        "TranslateEnabled": False,
        "URLAllowlist": [screen.server],
        "URLBlocklist": ["*"],
    }
    return json.dumps(said, indent=2) + "\n"


def _service(screen: Screen) -> str:
    return f"""\
# The screen: X on the first console, in it the watchdog, and under that the browser.
[Unit]
Description=Antrean screen
After=systemd-user-sessions.service network-online.target
Wants=network-online.target
Conflicts=getty@tty1.service
After=getty@tty1.service

[Service]
Type=notify
NotifyAccess=all
User={screen.user}
PAMName=login
TTYPath=/dev/tty1
TTYReset=yes
StandardInput=tty
StandardOutput=journal
StandardError=journal
UtmpIdentifier=tty1
ExecStart=/usr/bin/xinit {HOME}/session -- :0 vt1 -nolisten tcp -s 0 -dpms
TimeoutStartSec=120
WatchdogSec=60
Restart=always
RestartSec=2

[Install]
WantedBy=multi-user.target
"""


_RESTART = """\
[Unit]
Description=A fresh browser for the Antrean screen

[Service]
Type=oneshot
ExecStart=/usr/bin/systemctl try-restart antrean-screen.service
"""


def _timer(screen: Screen) -> str:
    return f"""\
[Unit]
Description=A fresh browser for the Antrean screen, while the hall is closed

[Timer]
OnCalendar=*-*-* {screen.restart}:00

[Install]
WantedBy=timers.target
"""


def _session(screen: Screen) -> str:
    size = f"{screen.size[0]},{screen.size[1]}" if screen.size else ""
    page, plain = _page(screen), urlsplit(screen.server).scheme == "http"
    safe = f" \\\n    --unsafely-treat-insecure-origin-as-secure={quote(screen.server)}" if plain else ""
    return f"""\
#!/bin/sh
# What runs in X: the panel turned as it hangs, then the watchdog with the browser.
# There is no window manager, so the size is said.
export DISPLAY="${{DISPLAY:-:0}}"
output=$(xrandr | awk '/ connected/ {{print $1; exit}}')
xrandr --output "$output" --rotate {TURNS[screen.turned]} || true
size={size}
[ -n "$size" ] || size=$(xrandr | sed -n 's/.* connected.* \\([0-9]*\\)x\\([0-9]*\\)+.*/\\1,\\2/p' | head -n 1)
browser=$(command -v chromium || command -v chromium-browser)
exec /usr/bin/python3 {HOME}/watchdog.py --page {quote(page)} --port {PORT} -- "$browser" \\
    --kiosk --window-position=0,0 --window-size="$size" \\
    --user-data-dir={PROFILE}/profile --remote-debugging-port={PORT} \\
    --no-first-run --noerrdialogs --hide-crash-restore-bubble --disable-session-crashed-bubble --password-store=basic \\
    --disable-pinch --overscroll-history-navigation=0 --autoplay-policy=no-user-gesture-required \\
    --disable-background-networking --disable-component-update --disable-sync{safe} \\
    {quote(page)}
"""


def _install(screen: Screen) -> str:
    return f"""\
#!/bin/sh
# Makes this machine a screen of {screen.server}.
# As root, in the folder where this file lies, on Debian or Raspberry Pi OS.
set -eu
[ "$(id -u)" = 0 ] || {{ echo "run this as root: sudo ./install.sh" >&2; exit 1; }}
cd "$(dirname "$0")"
apt-get update
browser=chromium
apt-cache show chromium >/dev/null 2>&1 || browser=chromium-browser
apt-get install -y --no-install-recommends "$browser" python3 xserver-xorg xserver-xorg-legacy xinit \\
    x11-xserver-utils fonts-noto-core alsa-utils
id {screen.user} >/dev/null 2>&1 || useradd --create-home --shell /usr/sbin/nologin {screen.user}
for group in video audio input render tty; do
    ! getent group "$group" >/dev/null || usermod -aG "$group" {screen.user}
done
install -d -o {screen.user} -g {screen.user} -m 700 {PROFILE}
install -d {HOME} /etc/chromium/policies/managed
install -m 755 .{HOME}/session {HOME}/session
install -m 644 .{HOME}/watchdog.py {HOME}/watchdog.py
install -m 644 etc/chromium/policies/managed/antrean.json /etc/chromium/policies/managed/antrean.json
install -m 644 etc/X11/Xwrapper.config /etc/X11/Xwrapper.config
install -m 644 etc/systemd/system/antrean-screen* /etc/systemd/system/
systemctl daemon-reload
systemctl set-default multi-user.target
systemctl enable antrean-screen.service antrean-screen-restart.timer
echo "Restart this machine: it then shows a code, which an administrator accepts."
"""
