"""Days: the local clock, which days are worked, how the notice's deadlines are counted over them."""
