"""Known answers: files of inputs and outputs of `sealbid/v1`, computed again and compared."""
