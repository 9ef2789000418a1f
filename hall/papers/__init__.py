"""What the hall prints about a case: acceptance, what is missing, refusal, promise. Words here, drawing in sheet."""
