"""The writers of the delivery stage: messages and their recipients, what people decide about them, the installation."""
