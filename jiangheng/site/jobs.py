"""What the worker can do besides delivering notices: the name of each job and the function that does it."""

JOBS = {
    "certificates.print": "jiangheng.certificates.documents.print_copies",
}
