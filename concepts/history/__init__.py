"""Who changed what, when and why: read from the histories of a concept's parts and told in words."""
