"""Pages of requests, venue reviews, plans and the public calendar."""
