"""Pages of sittings: for bodies and the centre, for staff on duty, for candidates in the room."""
