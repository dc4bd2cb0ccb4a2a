"""Pure rules of papers: what a paper is made of, and how its headings are numbered."""
