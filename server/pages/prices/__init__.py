"""The pages of the price book, of shopping lists, contracts and savings."""
