"""The one way in: actions, moves, records; append-only evidence and outgoing notices."""
