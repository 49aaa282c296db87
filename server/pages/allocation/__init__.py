"""Pages of the allocation workbench: the lead's, with its forms, and the public's once the event is awarded."""
