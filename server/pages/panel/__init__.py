"""The panel's pages: an evaluator's statement and sheet, the lead's progress and result, and the scores in public."""
