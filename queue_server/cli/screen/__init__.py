"""What `antrean kiosk-setup` puts on the machine of a screen: its browser's policy, its units, and their watchdog."""
