"""What the columns and lines of a file of customers mean. Pure."""
