"""The centre, recognised bodies, schools and employers; filed scopes (附件1-3); venues and equipment."""
