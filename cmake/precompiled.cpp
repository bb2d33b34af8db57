// CMake wants a source in a target whose precompiled headers others use.
int main() {}
