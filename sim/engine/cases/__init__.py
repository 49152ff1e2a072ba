"""The course of a case: what it does when it begins, wakes, or hears that its work is over."""
