"""From a due that is late to the write-off: damages, ladder, calls, law firm, prescription."""
