"""Lists of people that are brought as a file: read by line, all errors at once, nothing half-read.

An application says its columns in a `Shape` and what a line means; the rest is common.
"""
