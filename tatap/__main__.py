from tatap.cli import main

main()
