"""The training desk of the demonstration, at work: what an ordinary week has left on it."""
