"""The calendar: clocks, agenda, feeds and the re-dating of open deadlines."""
