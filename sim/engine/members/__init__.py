"""Who is a member: applications, identity, conduct, what happens in a life, and leaving."""
