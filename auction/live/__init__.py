"""The live room: its words, its machine, its clock, and what each viewer may see."""
