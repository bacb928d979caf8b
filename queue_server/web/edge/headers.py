"""The headers that guard every answer: what a browser must not do with it."""

from __future__ import annotations

PERMISSIONS = ", ".join(
    [
        *(
            f"{feature}=()"
            for feature in (
                "accelerometer",
                "browsing-topics",
                "camera",
                "display-capture",
                "geolocation",
                "gyroscope",
                "hid",
                "local-fonts",
                "magnetometer",
                "microphone",
                "midi",
                "payment",
                "publickey-credentials-get",
                "serial",
                "usb",
                "xr-spatial-tracking",
            )
        ),
        # what displays and kiosks do: speak, stay awake, fill their screen
        "autoplay=(self)",
        "fullscreen=(self)",
        "screen-wake-lock=(self)",
    ]
)

SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "no-referrer",
    "Server": "Antrean",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer that does not say otherwise itself, as pages do."""

OF_FILES = {name: value for name, value in SECURITY.items() if name != "Permissions-Policy"}
"""On scripts, styles, fonts and pictures: what a page may do it says itself, and a phone fetches twenty of these."""

HSTS_S = 180 * 86_400

OVER_TLS = {"Strict-Transport-Security": f"max-age={HSTS_S}"}
"""A browser that came by TLS once comes by nothing else."""

POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
"""Of a page: scripts and styles are ours alone, and no script makes markup or code of a text."""

WORKER_POLICY = POLICY.replace("trusted-types 'none'", "trusted-types worker")
"""Of a page that starts a service worker, whose address counts as code: it has one policy for that, and no other."""

OF_THE_PHONES_WORKER = "default-src 'none'; frame-ancestors 'none'"
"""Of the one that shows messages: it asks nobody anything."""

OF_A_WORKER = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
"""Of the service worker's script: what it asks of the server goes by its own policy, not by its page's."""
