"""What the project is built with; none of it runs in service."""
