"""The public log: one tree over everything that was written, published by ticks, so that nothing can be changed unseen."""
