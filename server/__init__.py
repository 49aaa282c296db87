"""The edge of the house: everything here touches the world."""
