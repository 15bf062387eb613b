"""For teachers: plans, a handout with its answers, and misconceptions."""
