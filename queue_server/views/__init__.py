"""What each audience sees: menu, board, desk, slip, ticket, floor; pure functions of the state."""
