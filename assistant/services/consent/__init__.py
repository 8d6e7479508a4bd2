"""What people allow us to do: asked one way, read with care, written down, taken back."""
