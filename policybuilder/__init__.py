"""Policy Builder: tick what people may do on a cloud service, copy a policy that IAM accepts."""
