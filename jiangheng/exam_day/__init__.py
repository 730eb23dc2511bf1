"""The exam day: desk, theory room, practical, room records (四（七）)."""
