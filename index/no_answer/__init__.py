"""What a sentence says that is no answer to a question, although it has its words: of another name, number or person,
of who held it once, of one alone, by how much, why not, or the opposite. One file for each, told from words alone."""
