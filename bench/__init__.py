"""What the room costs, beside other systems, in one run: `make bench`. Ratios count; the machine is noisy."""
