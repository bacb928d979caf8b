"""What server, browsers and devices say to each other: typed messages with a version; pure."""
