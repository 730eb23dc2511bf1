"""What is done with certificates: numbered, printed, issued, revoked, issued anew, followed upward."""

from jiangheng.certificates.actions.numbering import number_batch, reissue
from jiangheng.certificates.actions.standing import issue, issue_batch, keep_copy, note_hop, note_qualification, revoke

__all__ = ["issue", "issue_batch", "keep_copy", "note_hop", "note_qualification", "number_batch", "reissue", "revoke"]
