"""What the program does as processes of their own, each with an SQLite file of its own: starting, serving, commands."""
