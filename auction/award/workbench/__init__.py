"""The allocation workbench: scenarios that a lead keeps beside the cheapest, and the one that is chosen."""
