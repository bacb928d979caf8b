"""What managers read about a span of days: its finding, figures, charts and tables, and what lies behind them."""
