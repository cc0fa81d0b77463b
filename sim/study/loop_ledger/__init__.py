"""The loop ledger: what of an arm's difference to the reference each loop of the guidebook carries."""
