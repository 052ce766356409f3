rollback to operation
