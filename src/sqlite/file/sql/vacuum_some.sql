pragma incremental_vacuum(2000)
