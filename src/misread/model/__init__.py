"""What is learnt, held as plain arrays: reader, crowd, evidence, verdict, and the folder they live in."""
