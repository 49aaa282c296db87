"""The promise made in public: what is bought, in which lots, from whom, and by which rules."""
