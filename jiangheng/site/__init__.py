"""Settings, root urls, menu by role, home pages, sign-in, public portal."""
