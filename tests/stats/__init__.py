"""What any days are said to have been, against slow and obvious reckonings."""
