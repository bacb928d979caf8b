"""Pictures and videos for boards: what a file really is, what lies in folders, what staff have uploaded."""
