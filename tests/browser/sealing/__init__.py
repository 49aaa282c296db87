"""The sealing modules where they run: in Chromium on a page of the file system, and in Node."""
