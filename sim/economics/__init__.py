"""Tables and a price book become money: who pays, how much, and what of it is cash."""
