"""Days: which are worked, how the notice's deadlines are counted over them."""
