"""Who asks: signing in and out, proving it once more, accounts and the people whom admins manage."""
