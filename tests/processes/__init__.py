"""What the program does as processes of their own: starting, serving, commands."""
